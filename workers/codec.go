package workers

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/proto"
)

const (
	codecEncoding = "binary/encrypted"
	codecKeyID    = "encryption-key-id"
)

// Codec encrypts payloads with AES-256-GCM before they reach Temporal. One key writes, all read. Ids, search attributes and
// task queue names are not payloads and stay readable.
type Codec struct {
	writes string
	keys   map[string]cipher.AEAD
}

// NewCodec takes keys of 32 bytes: key encrypts, previous ones still decrypt what histories hold.
func NewCodec(key []byte, previous ...[]byte) (*Codec, error) {
	c := &Codec{keys: map[string]cipher.AEAD{}}
	for i, k := range append([][]byte{key}, previous...) {
		block, err := aes.NewCipher(k)
		if err != nil {
			return nil, fmt.Errorf("workers: payload key: %w", err)
		}
		aead, err := cipher.NewGCM(block)
		if err != nil {
			return nil, fmt.Errorf("workers: payload key: %w", err)
		}
		sum := sha256.Sum256(k)
		id := hex.EncodeToString(sum[:4])
		c.keys[id] = aead
		if i == 0 {
			c.writes = id
		}
	}
	return c, nil
}

// DataConverter encodes as JSON and encrypts the result.
func (c *Codec) DataConverter() converter.DataConverter {
	return converter.NewCodecDataConverter(converter.GetDefaultDataConverter(), c)
}

// Encode implements converter.PayloadCodec.
func (c *Codec) Encode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	out := make([]*commonpb.Payload, len(payloads))
	for i, p := range payloads {
		plain, err := proto.Marshal(p)
		if err != nil {
			return nil, err
		}
		aead := c.keys[c.writes]
		nonce := make([]byte, aead.NonceSize())
		if _, err := rand.Read(nonce); err != nil {
			return nil, err
		}
		out[i] = &commonpb.Payload{
			Metadata: map[string][]byte{converter.MetadataEncoding: []byte(codecEncoding), codecKeyID: []byte(c.writes)},
			Data:     aead.Seal(nonce, nonce, plain, nil),
		}
	}
	return out, nil
}

// Decode implements converter.PayloadCodec. Payloads written before a key was set pass as they are.
func (c *Codec) Decode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	out := make([]*commonpb.Payload, len(payloads))
	for i, p := range payloads {
		if string(p.GetMetadata()[converter.MetadataEncoding]) != codecEncoding {
			out[i] = p
			continue
		}
		plain, err := c.open(p)
		if err != nil {
			return nil, err
		}
		out[i] = &commonpb.Payload{}
		if err := proto.Unmarshal(plain, out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (c *Codec) open(p *commonpb.Payload) ([]byte, error) {
	id := string(p.GetMetadata()[codecKeyID])
	aead, ok := c.keys[id]
	if !ok {
		return nil, fmt.Errorf("workers: no payload key %q: add it to MAINSTAY_PAYLOAD_PREVIOUS_KEYS", id)
	}
	if len(p.GetData()) < aead.NonceSize() {
		return nil, errors.New("workers: a truncated payload")
	}
	nonce, sealed := p.GetData()[:aead.NonceSize()], p.GetData()[aead.NonceSize():]
	return aead.Open(nil, nonce, sealed, nil)
}
