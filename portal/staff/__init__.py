"""The pages of district staff: what is due, publishing, uploads, answers on paper, letters, holds."""
