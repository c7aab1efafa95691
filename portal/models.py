"""The user: a mailbox that may sign in (names and children live in the consent room); and staff uploads.

Who watches the public register by e-mail has models of its own (watching/models.py), tied to no user.
Whose program is called has its rows in hooks/models.py.
What was asked in public and is not public yet has its rows in asking/models.py.
"""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from districts.models import Agency, AgreementVersion
from portal.asking.models import AskedInPublic, AskerMail
from portal.hooks.models import Hook, HookCall, HookMail
from portal.watching.models import Watch, Watcher, WatchMail, WatchNews

__all__ = [
    "AskedInPublic",
    "AskerMail",
    "Hook",
    "HookCall",
    "HookMail",
    "Upload",
    "User",
    "UserManager",
    "Watch",
    "WatchMail",
    "WatchNews",
    "Watcher",
]


class UserManager(BaseUserManager["User"]):
    """Makes users; addresses are kept in lower case so that one mailbox is one user."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a user; without a password none works. Raises ValueError without an address."""
        email = email.strip().lower()
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a user who may do everything in the admin."""
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user of an address, however its letters are cased."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A mailbox or passkey that may sign in; a Claim ties it to a guardian."""

    email = models.EmailField(_("e-mail address"), max_length=254)
    language = models.CharField(_("language"), max_length=10, blank=True, default="")
    is_staff = models.BooleanField(_("district staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(fields=["email"], name="one_user_per_address"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_address_is_lower_case"),
            models.CheckConstraint(condition=~Q(email=""), name="user_has_an_address"),
        ]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        """Write the address in lower case."""
        super().clean()
        self.email = self.email.strip().lower()


class Upload(models.Model):
    """A file that staff handed in: first its dry run is shown, then exactly that file is applied.

    A work row. The file lies in the private storage under a random name and goes when it was applied,
    refused or dropped; `report` keeps counts and ids, no name and no address.
    """

    class Kind(models.TextChoices):
        ROSTER = "roster", _("Roster")
        INVENTORY = "inventory", _("Data inventory")
        REGISTER = "register", _("Register sheet")

    class State(models.TextChoices):
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked; waits for your confirmation")
        REFUSED = "refused", _("Refused; nothing was changed")
        APPLYING = "applying", _("Being loaded")
        APPLIED = "applied", _("Loaded")
        DROPPED = "dropped", _("Thrown away")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(
        AgreementVersion, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.CHECKING)
    name = models.CharField(max_length=200)
    file = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    options = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    handed_in_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField(default=timezone.now, editable=False)
    applied_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-handed_in_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["roster", "inventory", "register"]), name="upload_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["checking", "checked", "refused", "applying", "applied", "dropped"]),
                name="upload_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(kind="inventory") | Q(version__isnull=False), name="inventory_names_its_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"upload {self.public_id}"
