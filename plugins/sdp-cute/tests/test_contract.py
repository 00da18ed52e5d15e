"""Every task does what sdp asks of a task: the cases of sdp's own kit, and none is forgotten."""

import sdp_cute
from sdp.testing import GeneratorCases

# pytest finds classes by their names; a task that is added is tested without a line here.
for task in sdp_cute.sdp_generators():
    globals()[f"Test{task.__name__}"] = type(
        f"Test{task.__name__}", (GeneratorCases,), {"generator": task, "template_dirs": sdp_cute.sdp_template_dirs()}
    )
