"""Alerts while a run trains: events in; warnings, `alert` events and posts to a webhook out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from typing import Any

from sdp.recipes.schema import Recipe
from sdp.runs.alerts.monitor import Limits, Monitor, rules
from sdp.runs.alerts.webhook import Webhook, webhook_url
from sdp.runs.events import standing
from sdp.runs.folder import Run


def limits_of(recipe: Recipe) -> Limits:
    """Takes the rules' limits out of a recipe; every limit is a key of the same name."""
    return Limits(**{field.name: getattr(recipe.monitor, field.name) for field in fields(Limits)})


def check_webhook(recipe: Recipe) -> None:
    """Refuses a webhook that cannot be one, before anything is loaded.

    Raises:
        ConfigError: No URL, or no such variable.
    """
    if recipe.monitor.webhook:
        webhook_url(recipe.monitor.webhook)


@contextmanager
def monitored(run: Run, recipe: Recipe, warn: Callable[[str], None]) -> Iterator[None]:
    """Watches the events of a run while the work inside goes on.

    A resumed run's rules are shown its earlier events first, so they know what is usual.

    Args:
        run: What is watched; gets an `alert` event for each alert.
        recipe: Holds the limits and the webhook.
        warn: Told each alert in a line.

    Raises:
        ConfigError: A webhook that cannot be one.
    """
    monitor = Monitor(rules(limits_of(recipe), max_grad_norm=recipe.training.max_grad_norm))
    for event in standing(run.events()):
        monitor.see(event)
    webhook = Webhook(webhook_url(recipe.monitor.webhook), run.path.name, warn) if recipe.monitor.webhook else None

    def look(event: dict[str, Any]) -> None:
        for alert in monitor.see(event):
            warn(f"warning: {alert.text} (step {alert.step})")
            run.event("alert", **asdict(alert))
            if webhook:
                webhook.post(alert)

    run.listeners.append(look)
    try:
        yield
    finally:
        run.listeners.remove(look)
        if webhook:
            webhook.close()
