"""Addresses that exist in the demo only."""

from django.urls import path

from portal.demo import mailbox

app_name = "demo"
urlpatterns = [
    path("mailbox/", mailbox.inbox, name="mailbox"),
    path("mailbox/<str:name>/", mailbox.mail, name="mail"),
    path("mailbox/<str:name>/html/", mailbox.mail_html, name="mail-html"),
]
