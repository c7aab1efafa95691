"""The register in the forms that state laws ask for: a file per district, its gaps shown and counted."""

from .forms import FORMS, Column, Form, form_of, forms_for

__all__ = ["FORMS", "Column", "Form", "form_of", "forms_for"]
