"""Training without waste: no padding outside attention, no head on prompts, the same mathematics as the stock path."""
