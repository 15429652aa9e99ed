package lan

import (
	"image/color"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// quiet is the white margin that scanners need, in modules (ISO/IEC 18004 asks for four; phones read two).
const quiet = 2

// QRCode draws text for a terminal, two modules a character cell. It sets its own colors, for a scanner wants dark on light
// whatever the terminal's theme is.
func QRCode(text string) (string, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return "", err
	}
	size := code.Bounds().Dx()
	dark := func(x, y int) bool {
		if x < 0 || y < 0 || x >= size || y >= size {
			return false
		}
		gray, _ := color.GrayModel.Convert(code.At(x, y)).(color.Gray)
		return gray.Y < 128
	}
	var out strings.Builder
	for y := -quiet; y < size+quiet; y += 2 {
		out.WriteString("\x1b[30;107m")
		for x := -quiet; x < size+quiet; x++ {
			switch upper, lower := dark(x, y), dark(x, y+1); {
			case upper && lower:
				out.WriteRune('█')
			case upper:
				out.WriteRune('▀')
			case lower:
				out.WriteRune('▄')
			default:
				out.WriteRune(' ')
			}
		}
		out.WriteString("\x1b[0m\n")
	}
	return out.String(), nil
}
