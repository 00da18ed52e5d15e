"""One file per verb: a typed request in, a typed result out, nothing printed."""
