// Looks at its world by the standard library, and exits with 3.
package main

import (
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"time"
)

func main() {
	fmt.Printf("arguments %d, environment %d\n", len(os.Args), len(os.Environ()))
	before := time.Now()
	time.Sleep(5 * time.Millisecond)
	fmt.Println("slept", time.Since(before) >= 5*time.Millisecond)
	fmt.Println("time", before.Unix() > 1700000000)
	_, err := rand.Read(make([]byte, 8))
	fmt.Println("random", err == nil)
	_, err = os.Open("/etc/hosts")
	fmt.Println("file", err == nil)
	input, err := io.ReadAll(os.Stdin)
	fmt.Println("input", len(input), err)
	numbers := make(chan int)
	go func() {
		time.Sleep(time.Millisecond)
		numbers <- 42
	}()
	fmt.Println("channel", <-numbers)
	fmt.Fprintln(os.Stderr, "to standard error")
	os.Exit(3)
}
