package handlers

import (
	"crypto/rand"
	"encoding/base32"
	"sync"
)

// requestIDs are made from random bytes that are fetched for many at a time.
var requestIDs struct {
	sync.Mutex
	random [100 * 10]byte
	left   []byte // of random
}

// newRequestID names a request: by 80 random bits, in 16 letters and digits.
func newRequestID() string {
	requestIDs.Lock()
	defer requestIDs.Unlock()
	if len(requestIDs.left) == 0 {
		_, _ = rand.Read(requestIDs.random[:]) // it never fails
		requestIDs.left = requestIDs.random[:]
	}
	id := base32.StdEncoding.EncodeToString(requestIDs.left[:10])
	requestIDs.left = requestIDs.left[10:]
	return id
}
