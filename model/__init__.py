"""What the world is: scenario, regime, structure, needs, the model and its measures."""
