"""From a text to what the customer means."""

import os

# One thread of linear algebra, said before NumPy is imported: a message is a small matrix, and idle BLAS threads
# spin on the cores that the other conversations need.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
