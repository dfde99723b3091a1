"""The models that training begins with: published ones by their architecture, tiny ones like them, and small new ones."""
