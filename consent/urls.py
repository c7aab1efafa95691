"""Addresses of the family's pages."""

from django.urls import path

from .views import answering, family, joining

app_name = "consent"
urlpatterns = [
    path("family/", family.family, name="family"),
    path("family/answers/", family.answers, name="answers"),
    path("family/letter/", joining.letter_code, name="letter_code"),
    path("family/letter/child/", joining.letter_child, name="letter_child"),
    path("family/children/<uuid:public_id>/", family.child, name="child"),
    path("family/children/<uuid:public_id>/answer/", answering.answer, name="answer"),
    path("family/children/<uuid:public_id>/ask/<uuid:agreement_id>/", answering.objection, name="object"),
    path("family/receipts/<uuid:public_id>/", answering.receipt, name="receipt"),
    path("f/<uuid:public_id>/", family.delivery, name="delivery"),
]
