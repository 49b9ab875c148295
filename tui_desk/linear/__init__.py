"""The linear mode: the desk as lines of text, one after another, for screen readers and for terminals that can do no more."""
