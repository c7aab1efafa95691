"""System checks of the frame."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def no_demo_in_production(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse the demo's mailbox page, which shows everybody's mail, on a site for real families."""
    if not settings.DEMO:
        return []
    return [
        Error(
            "DEMO is on: the mailbox page shows every mail of every family.",
            hint="Unset DEMO. The demo is for one machine; it is never deployed.",
            id="portal.E001",
        )
    ]


@register(Tags.security, deploy=True)
def no_calls_to_this_machine(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse to let anybody who registers a webhook aim it at programs beside this one."""
    if not settings.HOOKS_MAY_CALL_LOOPBACK:
        return []
    return [
        Error(
            "HOOKS_MAY_CALL_LOOPBACK is on: anybody can have this machine's own programs called.",
            hint="Unset HOOKS_MAY_CALL_LOOPBACK. It is for developers.",
            id="portal.E002",
        )
    ]
