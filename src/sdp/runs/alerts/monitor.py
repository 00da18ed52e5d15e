"""Every rule at once, over the events of a run."""

from collections.abc import Iterable
from dataclasses import dataclass

from sdp.runs.alerts.alert import Alert, Event, Rule
from sdp.runs.alerts.loss import Divergence, NotFinite, Plateau
from sdp.runs.alerts.resources import GIB, GpuIdle, NearlyFull
from sdp.runs.alerts.speed import ExplodingGradient, Throughput

QUIET = 10
"""Events without fault before the same alert is raised again: what hovers about a limit is said once."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Where the rules draw the line; names and defaults are those of `sdp.recipes.schema.Monitor`. 0: not watched."""

    divergence: float = 0.5
    plateau: float = 0.005
    exploding_gradient: float = 10.0
    throughput: float = 0.5
    disk: float = 1.0
    memory: float = 0.05
    gpu_memory: float = 0.03
    gpu_idle: float = 0.3


def rules(limits: Limits, *, max_grad_norm: float = 1.0) -> list[Rule]:
    """Makes the rules that are wanted.

    Args:
        limits: Their limits.
        max_grad_norm: What gradients are clipped to; 0: they are not.
    """
    disk = "{left} are left on the disk of the run folder: the next checkpoint may not fit"
    memory = "{left} of the memory is left: lower training.per_device_train_batch_size, or end other programs"
    gpu_memory = "{left} of the GPU's memory is left: lower training.per_device_train_batch_size"
    made: list[tuple[float, Rule]] = [
        (limits.divergence, Divergence(limits.divergence)),
        (limits.plateau, Plateau(limits.plateau)),
        (limits.exploding_gradient, ExplodingGradient(limits.exploding_gradient, max_grad_norm or 1.0)),
        (limits.throughput, Throughput(limits.throughput)),
        (limits.disk, NearlyFull("disk", "disk_left_bytes", limits.disk * GIB, disk)),
        (limits.memory, NearlyFull("memory", "memory_left", limits.memory, memory)),
        (limits.gpu_memory, NearlyFull("gpu_memory", "gpu_memory_left", limits.gpu_memory, gpu_memory)),
        (limits.gpu_idle, GpuIdle(limits.gpu_idle)),
    ]
    return [NotFinite(), *(rule for limit, rule in made if limit)]


class Monitor:
    """Shows events to rules, and raises what they say once per spell.

    Args:
        watched: The rules.
    """

    def __init__(self, watched: Iterable[Rule]) -> None:
        self._rules = list(watched)
        self._faultless = dict.fromkeys((rule.name for rule in self._rules), QUIET)
        """Events without fault since the alert was last right."""

    def see(self, event: Event) -> list[Alert]:
        """Looks at one event.

        Returns:
            What was not said before.
        """
        raised = []
        for rule in self._rules:
            if event.get("event") not in rule.reads:
                continue
            alert = rule.see(event)
            if alert is None:
                self._faultless[rule.name] += 1
                continue
            if self._faultless[rule.name] >= QUIET:
                raised.append(alert)
            self._faultless[rule.name] = 0
        return raised


def raised_over(events: Iterable[Event], watched: Iterable[Rule]) -> list[Alert]:
    """Gives the alerts of a whole run."""
    monitor = Monitor(watched)
    return [alert for event in events for alert in monitor.see(event)]
