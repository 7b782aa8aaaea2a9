"""Speed: this checkout alone or against another, how a run grows, long sweeps, the page's picture, and coverage."""
