package demo

import "math/rand/v2"

// shuffle puts 0 to size-1 into an order of its own without keeping them: it
// walks round in steps that share no divisor with the size (Hull and Dobell, 1962).
type shuffle struct{ size, step, start int }

func newShuffle(size int, r *rand.Rand) shuffle {
	step := 1 + r.IntN(size)
	for divisor(step, size) != 1 {
		step = 1 + r.IntN(size)
	}
	return shuffle{size: size, step: step, start: r.IntN(size)}
}

func divisor(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// at is the nth in the order; n is below the size.
func (s shuffle) at(n int) int { return (n*s.step + s.start) % s.size }
