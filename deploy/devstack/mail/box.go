package mail

import (
	"crypto/rand"
	"slices"
	"sync"
	"time"
)

// What the box keeps: the newest messages, as long as both bounds hold.
const (
	maxMessages = 1000
	maxBytes    = 64 << 20
)

// box holds the caught messages, oldest first.
type box struct {
	mu       sync.RWMutex
	messages []*Message
	bytes    int
}

// catch files a message and lets go of the oldest ones over the bounds.
func (b *box) catch(from string, recipients []string, raw []byte) error {
	m, err := parse(rand.Text(), from, recipients, raw, time.Now().UTC())
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.messages = append(b.messages, m)
	b.bytes += m.Size
	for len(b.messages) > 1 && (len(b.messages) > maxMessages || b.bytes > maxBytes) {
		b.bytes -= b.messages[0].Size
		b.messages = slices.Delete(b.messages, 0, 1)
	}
	return nil
}

// list returns how many messages there are and limit of them from start on, newest first.
func (b *box) list(start, limit int) (total int, page []Summary) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	page = []Summary{}
	for i := len(b.messages) - 1 - start; i >= 0 && len(page) < limit; i-- {
		page = append(page, b.messages[i].summary())
	}
	return len(b.messages), page
}

// get returns one message; the id `latest` is the newest.
func (b *box) get(id string) (*Message, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if id == "latest" && len(b.messages) > 0 {
		return b.messages[len(b.messages)-1], true
	}
	for _, m := range b.messages {
		if m.ID == id {
			return m, true
		}
	}
	return nil, false
}

// remove throws away the messages with the given ids, all of them where none is given.
func (b *box) remove(ids []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.messages = slices.DeleteFunc(b.messages, func(m *Message) bool {
		if len(ids) > 0 && !slices.Contains(ids, m.ID) {
			return false
		}
		b.bytes -= m.Size
		return true
	})
}
