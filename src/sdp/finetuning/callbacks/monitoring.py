"""Alerts while a run trains: events in; warnings, `alert` events and posts to a webhook out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from typing import Any

from sdp.recipes.schema import Recipe
from sdp.runs.alerts.monitor import Limits, Monitor, rules
from sdp.runs.alerts.webhook import Webhook, webhook_url
from sdp.runs.events import standing, stands
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
def monitored(
    run: Run, recipe: Recipe, warn: Callable[[str], None], *, first: int = 0, posts: bool = True
) -> Iterator[None]:
    """Watches the events of a run while the work inside goes on.

    A resumed run's rules are shown its earlier events first, so they know what is usual; not those of steps that are
    done again, or an alert among them would not be raised again, and be lost.

    Args:
        run: What is watched; gets an `alert` event for each alert.
        recipe: Holds the limits and the webhook.
        warn: Told each alert in a line.
        first: Step that the work inside goes on from.
        posts: Whether this process posts to the webhook. Of several machines one does.

    Raises:
        ConfigError: A webhook that cannot be one.
    """
    monitor = Monitor(rules(limits_of(recipe), max_grad_norm=recipe.training.max_grad_norm))
    for event in standing(run.events()):
        if stands(event, first + 1):
            monitor.see(event)
    url = recipe.monitor.webhook if posts and run.writes else None
    webhook = Webhook(webhook_url(url), run.path.name, warn) if url else None

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
