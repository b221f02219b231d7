package contender

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/argon2"
)

// hash counts how many passwords all processors hash in some time, by Argon2id at the blog's cost, see
// internal/password/hash.go. It prints their number, and that of each second.
func hash(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("hash for some time, not for %q", args)
	}
	each, err := time.ParseDuration(args[0])
	if err != nil {
		return err
	}
	var done atomic.Int64
	var all sync.WaitGroup
	begun := time.Now()
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for time.Since(begun) < each {
				argon2.IDKey([]byte("a password of somebody"), make([]byte, 16), 2, 19456, 1, 32)
				done.Add(1)
			}
		})
	}
	all.Wait()
	fmt.Println(done.Load(), float64(done.Load())/time.Since(begun).Seconds())
	return nil
}
