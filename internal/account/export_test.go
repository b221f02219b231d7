package account

// Hash is what the table keeps of the token; ok is false for what no token can be.
func (t Token) Hash() (hash []byte, ok bool) { return t.hash() }
