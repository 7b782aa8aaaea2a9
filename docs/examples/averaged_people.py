"""What do unequal people change? Every evening all of a kind become alike, within their street.

`chuishao compare --rules-variants docs/examples/averaged_people.py` sets the two beside each other: what differs is
what unequal people do. Counts and hours that are under way stay theirs; a resident's own hours a month stay, too.
"""

import numpy as np

CADRES = ("knowledge", "level", "motivation", "ties", "slack", "toil", "weights")
DEPARTMENTS = ("groundedness", "rating", "slack", "weights")
RESIDENTS = ("expectation", "distance")


def each_day(model):
    """Make everybody of a street, or of the departments, or of the street leaders, alike."""
    _average(model.cadres, CADRES, model.cadres.street)
    _average(model.residents, RESIDENTS, model.residents.street)
    _average(model.departments, DEPARTMENTS, np.zeros(len(model.departments), int))
    _average(model.leaders, ("groundedness", "weights"), np.minimum(np.arange(len(model.leaders)), 2))


def _average(people, names, group):
    """Give everybody their group's mean of each of these."""
    number = np.bincount(group)
    for name in names:
        values = people[name].reshape(len(people), -1)
        means = np.stack([np.bincount(group, column) / number for column in values.T], axis=1)
        people[name] = means[group].reshape(people[name].shape)
