"""The rules of contact stated a second time, and generated cases on which both statements must agree."""
