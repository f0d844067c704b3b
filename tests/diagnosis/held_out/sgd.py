"""Mistakes that the bank of the sgd assignment lacks on purpose: the diagnosis must not give them another's name."""
# What stands here is how students write, so no rule of style applies.
# ruff: noqa: PGH004
# ruff: noqa


# %% sgd-step: step-of-three
# Three steps at once
def sgd_step(params, grads, lr):
    return {name: p - 3 * lr * grads[name] for name, p in params.items()}


# %% sgd-step: gradient-squashed
# The gradient is squashed
def sgd_step(params, grads, lr):
    return {name: p - lr * np.tanh(grads[name]) for name, p in params.items()}


# %% step-decay: decay-doubled
# Twice the learning rate
def step_decay(lr0, epoch, drop=0.5, every=10):
    return 2 * lr0 * drop ** (epoch // every)


# %% step-decay: every-second
# Twice as often
def step_decay(lr0, epoch, drop=0.5, every=10):
    return lr0 * drop ** (2 * epoch // every)


# %% exponential-decay: thrice-the-rate
# Three times the rate
def exponential_decay(lr0, epoch, rate):
    return lr0 * float(np.exp(-3 * rate * epoch))


# %% exponential-decay: decay-halved
# Half the learning rate
def exponential_decay(lr0, epoch, rate):
    return 0.5 * lr0 * float(np.exp(-rate * epoch))
