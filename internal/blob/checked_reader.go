package blob

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"strings"

	"mainstay/models"
)

// checkedReader passes a stream on and compares it with what was announced. Of a stream whose size is known it gives the
// last bytes only once the whole is found right, so that a server which waits for that many bytes stores nothing wrong.
type checkedReader struct {
	from  io.Reader
	want  Content
	hash  hash.Hash
	read  int64
	fault error // why the content is refused; nil while it is not
}

func newCheckedReader(from io.Reader, want Content) *checkedReader {
	return &checkedReader{from: from, want: want, hash: sha256.New()}
}

func (r *checkedReader) sum() string { return hex.EncodeToString(r.hash.Sum(nil)) }

// Read implements [io.Reader].
func (r *checkedReader) Read(p []byte) (int, error) {
	if r.fault != nil {
		return 0, r.fault
	}
	if r.want.Size >= 0 {
		p = p[:min(int64(len(p)), r.want.Size-r.read)]
		if len(p) == 0 {
			return 0, r.end()
		}
	}
	n, err := r.from.Read(p)
	r.hash.Write(p[:n])
	r.read += int64(n)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		r.fault = err
	case err == nil && r.read == r.want.Size, errors.Is(err, io.EOF):
		err = r.end()
	}
	if r.fault != nil {
		return 0, r.fault
	}
	return n, err
}

// end judges the stream where it ends, or where it should.
func (r *checkedReader) end() error {
	switch {
	case r.want.Size >= 0 && r.read < r.want.Size:
		r.fault = models.InvalidField("/size_bytes", "size", "The content has %d bytes instead of %d.", r.read, r.want.Size)
	case r.want.Size >= 0 && !r.exhausted():
		if r.fault == nil {
			r.fault = models.InvalidField("/size_bytes", "size", "The content has more than %d bytes.", r.want.Size)
		}
	case r.want.SHA256 != "" && !strings.EqualFold(r.want.SHA256, r.sum()):
		r.fault = models.InvalidField("/sha256", "sha256", "The content has another SHA-256 than was announced.")
	}
	if r.fault != nil {
		return r.fault
	}
	return io.EOF
}

// exhausted says whether nothing follows.
func (r *checkedReader) exhausted() bool {
	n, err := io.ReadFull(r.from, make([]byte, 1))
	if n == 0 && !errors.Is(err, io.EOF) {
		r.fault = err
	}
	return n == 0 && r.fault == nil
}
