"""sdp: does training a model on one skill make another skill better?"""

__version__ = "0.1.0"
