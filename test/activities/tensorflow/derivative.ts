/** ∂f/∂xᵢ for every i by central differences in float64: good to about h². */
export function derivative(f: (x: number[]) => number, at: number[], h = 1e-5): number[] {
  return at.map((_, i) => {
    const moved = (by: number) => f(at.map((value, k) => (k === i ? value + by : value)));
    return (moved(h) - moved(-h)) / (2 * h);
  });
}
