/** Section 2.2: the empirical Rademacher complexity of a class of functions h: R^d → [−1, 1] on z₁ … zₙ is
 *    R = E_σ[ sup_h (1/n)·Σ σᵢ·h(zᵢ) ],   σᵢ = ±1 with equal chance.
 *  A network trained on the random signs σ as its labels and right on a fraction A of them has (1/n)·Σ σᵢ·h(zᵢ) =
 *  2A − 1, so its training bounds the supremum from below. Theorem 1 makes it 1 for two-layer networks of 2n + d weights
 *  on distinct points: bounds that rest on R say nothing. */

export interface RademacherBound {
  /** Mean of 2A − 1 over the draws of σ. */
  estimate: number;
  /** R is at least this, at the confidence asked for; never below −1. */
  atLeast: number;
}

/** accuracies: training accuracies in [0, 1], one a draw of n signs. With m draws the mean of the suprema is a function
 *  of mn independent signs, each of which moves it by 2/(mn) at most, and lies above R by more than
 *  √(2·ln(1/(1 − confidence))/(mn)) with probability 1 − confidence at most (McDiarmid's inequality): nothing is assumed of
 *  the spread over draws, and one draw will do. */
export function rademacherBound(accuracies: number[], n: number, confidence = 0.95): RademacherBound {
  const draws = accuracies.length;
  const estimate = accuracies.reduce((sum, accuracy) => sum + (2 * accuracy - 1) / draws, 0);
  const margin = Math.sqrt((2 * Math.log(1 / (1 - confidence))) / (draws * n));
  return { estimate, atLeast: Math.max(-1, estimate - margin) };
}
