"""What results say: paired differences, ablation; functions of the tables of `experiments.store`."""
