"""The family's pages: find through access, bind the form, call the service, redirect."""
