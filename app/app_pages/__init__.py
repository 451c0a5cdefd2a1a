"""The pages of the app: each reads its state, calls the engine and draws."""
