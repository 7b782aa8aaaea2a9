"""Who acts, and how they decide: leaders, departments, cadres, residents."""
