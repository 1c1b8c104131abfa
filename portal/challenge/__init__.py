"""A challenge that costs a program something and shuts no person out (AT-04), with no third party.

Where JavaScript runs, the person's own device does a piece of work while they read; everybody may
answer a short question in words instead, and without JavaScript the question is what there is.

`asking` is the way in: `ask` makes a challenge for an `Occasion`, `answer` checks what came back,
once, and lets the person pass. `work` and `questions` are the two kinds. This room knows nobody who
asks: the numbers come in as `Measures`.
"""
