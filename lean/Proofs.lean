import Proofs.Autograd.Vec
import Proofs.Autograd.Softmax

/-!
# Proofs about automatic differentiation

The root of the library: everything that the specs mirror is imported here.
-/
