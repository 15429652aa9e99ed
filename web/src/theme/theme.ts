// Components are named by string, not imported: a component that only a lazy screen shows stays out of the entry.
import {
  createTheme,
  type CSSVariablesResolver,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core'

const ink: MantineColorsTuple = ['#eeefeb', '#dfe0dc', '#c9cbc7', '#adb0aa', '#878a85', '#686b67', '#4a4e4b', '#2e3835', '#232b29', '#18201e']
const petrol: MantineColorsTuple = ['#e8f7f9', '#d2eef2', '#b3e1e7', '#91d1d9', '#6abdc7', '#43a5b1', '#23909c', '#0d7a85', '#07616a', '#08464c']
const gray: MantineColorsTuple = ['#f6f6f4', '#f0f0ed', '#e2e2de', '#d1d1cd', '#adb0aa', '#878a85', '#686b67', '#4a4e4b', '#2e3835', '#181d1b']
const dark: MantineColorsTuple = ['#eaece8', '#b4b9b5', '#909591', '#6f7673', '#373c3a', '#262b29', '#1c201f', '#151817', '#0e1110', '#0a0d0c']

/** The tones of design: a color informs, only ink acts. */
export const tones = ['blue', 'moving', 'amber', 'green', 'red', 'neutral'] as const
export type Tone = (typeof tones)[number]

const clear = 'transparent'

const variantColorResolver: VariantColorsResolver = (input) => {
  const color = input.color ?? 'ink'
  const red = color === 'red'
  switch (input.variant) {
    case 'filled':
      // Red is never filled: what destroys is red words on a quiet button.
      if (!red) return { background: 'var(--ms-ink)', hover: 'var(--ms-ink-hover)', color: 'var(--ms-on-ink)', border: '1px solid var(--ms-ink)' }
      return { background: 'var(--ms-raised)', hover: 'var(--ms-hover)', color: 'var(--ms-red-text)', border: '1px solid var(--ms-line-2)' }
    case 'default':
    case 'outline':
      return {
        background: 'var(--ms-raised)',
        hover: 'var(--ms-hover)',
        color: red ? 'var(--ms-red-text)' : 'var(--ms-text)',
        border: '1px solid var(--ms-line-2)',
      }
    case 'light': {
      const tone = (tones as readonly string[]).includes(color) ? color : 'neutral'
      return { background: `var(--ms-${tone}-tint)`, hover: `var(--ms-${tone}-edge)`, color: `var(--ms-${tone}-text)`, border: `1px solid ${clear}` }
    }
    case 'subtle':
    case 'transparent':
      return { background: clear, hover: 'var(--ms-hover)', color: red ? 'var(--ms-red-text)' : 'var(--ms-text-2)', border: `1px solid ${clear}` }
    default:
      return defaultVariantColorsResolver(input)
  }
}

const pointed = {
  '--mantine-color-body': 'var(--ms-surface)',
  '--mantine-color-text': 'var(--ms-text)',
  '--mantine-color-dimmed': 'var(--ms-text-3)',
  '--mantine-color-placeholder': 'var(--ms-text-3)',
  '--mantine-color-anchor': 'var(--ms-petrol)',
  '--mantine-color-default': 'var(--ms-raised)',
  '--mantine-color-default-border': 'var(--ms-line-2)',
  '--mantine-color-default-hover': 'var(--ms-hover)',
  '--mantine-color-default-color': 'var(--ms-text)',
  '--mantine-color-error': 'var(--ms-red-text)',
  '--mantine-color-disabled': 'var(--ms-sunken)',
  '--mantine-color-disabled-color': 'var(--ms-text-3)',
  '--mantine-color-disabled-border': 'var(--ms-line-2)',
}

/** Points Mantine's own variables at the tokens, alike in both schemes: its own defaults stand in the schemes' rules and would win over the root's. */
export const resolver: CSSVariablesResolver = () => ({ variables: {}, light: pointed, dark: pointed })

const inputVars = () => ({
  wrapper: { '--input-fz': 'var(--ms-input-fz)', '--input-height': 'var(--ms-input-height, var(--ms-control-height))', '--input-bd': 'var(--ms-control)', '--input-bg': 'var(--ms-surface)', '--input-color': 'var(--ms-text)', '--input-bd-focus': 'var(--ms-focus)' },
})
const input = { defaultProps: { size: 'sm' } }
// A list that is longer than its box scrolls by the keyboard as well.
const reachable = { viewportProps: { tabIndex: 0, role: 'group' } }

/** The look of design.md as a Mantine theme. Colors come from tokens.css. */
export const theme = createTheme({
  colors: { ink, petrol, gray, dark },
  primaryColor: 'ink',
  primaryShade: { light: 9, dark: 0 },
  autoContrast: true,
  black: '#181d1b',
  white: '#ffffff',
  fontFamily: 'var(--ms-font)',
  fontFamilyMonospace: 'var(--ms-mono)',
  headings: {
    fontWeight: '600',
    sizes: { h1: { fontSize: '20px', lineHeight: '28px' }, h2: { fontSize: '14px', lineHeight: '20px' }, h3: { fontSize: '13px', lineHeight: '18px' } },
  },
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '16px', sm: '18px', md: '20px', lg: '22px', xl: '28px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '10px', xl: '12px' },
  defaultRadius: 'sm',
  shadows: { xs: 'none', sm: 'none', md: 'var(--ms-elevation-1)', lg: 'var(--ms-elevation-2)', xl: 'var(--ms-elevation-2)' },
  breakpoints: { xs: '30em', sm: '48em', md: '64em', lg: '75em', xl: '90em' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusClassName: 'ms-focus',
  variantColorResolver,
  components: {
    Button: { defaultProps: { size: 'sm', variant: 'default' }, vars: () => ({ root: { '--button-height': 'var(--ms-button-height, var(--ms-control-height))', '--button-fz': 'var(--ms-button-fz)', '--button-padding-x': '12px' } }) },
    ActionIcon: { defaultProps: { variant: 'subtle' }, vars: () => ({ root: { '--ai-size': 'var(--ms-control-height)' } }) },
    Input: { defaultProps: { size: 'sm' }, vars: inputVars },
    TextInput: input,
    Textarea: input,
    NumberInput: input,
    PasswordInput: input,
    Select: { defaultProps: { size: 'sm', allowDeselect: false, comboboxProps: { shadow: 'md' }, scrollAreaProps: reachable } },
    MultiSelect: { defaultProps: { scrollAreaProps: reachable } },
    NativeSelect: input,
    // From its field's edge: centered, it stood beyond the edge of a phone before its width was known, and the page grew with it.
    Combobox: { defaultProps: { position: 'bottom-start' } },
    InputWrapper: { styles: { label: { fontSize: 'var(--ms-label-fz)', fontWeight: 600, marginBottom: 4 }, description: { color: 'var(--ms-text-2)', fontSize: 'var(--ms-help-fz)' }, error: { fontSize: 'var(--ms-help-fz)' } } },
    Checkbox: { defaultProps: { color: 'ink', size: 'xs' }, vars: () => ({ root: { '--checkbox-icon-color': 'var(--ms-on-ink)' } }) },
    Switch: { defaultProps: { color: 'ink', size: 'sm' } },
    Paper: { defaultProps: { withBorder: true, shadow: 'none', radius: 'md' } },
    Card: { defaultProps: { withBorder: true, shadow: 'none', radius: 'md', padding: 14 } },
    Table: { defaultProps: { striped: false, withColumnBorders: false, horizontalSpacing: 8, verticalSpacing: 6 } },
    Tabs: { defaultProps: { color: 'var(--ms-text)' } },
    // Their title rows are <header>s outside of any section that counts: without a role each would be one more banner of the page.
    ModalHeader: { defaultProps: { role: 'presentation' } },
    DrawerHeader: { defaultProps: { role: 'presentation' } },
    Modal: { defaultProps: { radius: 'xl', shadow: 'lg', overlayProps: { backgroundOpacity: 0.4, blur: 0 }, transitionProps: { duration: 180 } } },
    Drawer: { defaultProps: { overlayProps: { backgroundOpacity: 0.4, blur: 0 }, transitionProps: { duration: 180 } } },
    // The placeholder would be a child that a menu must not have.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false, shadow: 'md', withArrow: false, transitionProps: { duration: 120 } } },
    Popover: { defaultProps: { shadow: 'md', withArrow: false, transitionProps: { duration: 120 } } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: false, fz: 12 } },
    Loader: { defaultProps: { size: 14, color: 'currentColor' } },
    Skeleton: { defaultProps: { animate: false } },
  },
})
