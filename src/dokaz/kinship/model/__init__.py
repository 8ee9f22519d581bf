"""What is typed and assumed: pedigrees, markers, mutation, profiles, and what the engine answers."""
