"""What staff see of messages, and what they do for those whom none reached."""

from .messages import MessageAdmin
from .unreached import UnreachedMessageAdmin

__all__ = ["MessageAdmin", "UnreachedMessageAdmin"]
