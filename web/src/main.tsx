// In their layer Mantine's rules lose against ours wherever the bundler puts them.
import '@mantine/core/styles.layer.css'
import './theme/tokens.css'
import './theme/global.css'
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { setNonce } from 'get-nonce'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { session } from './api/client'
import { queries } from './api/query'
import { speak } from './i18n'
import { router } from './router'
import { resolver, theme } from './theme/theme'

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.nonce || document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') || ''

// For the lock that keeps a page from scrolling below a dialog.
setNonce(nonce)

session.ended = () => {
  if (router.state.location.pathname === '/login') return
  queries.clear()
  void router.navigate({ to: '/login', search: { to: router.state.location.href } })
}

await speak(new URLSearchParams(location.search).get('lang') ?? navigator.language.slice(0, 2))

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={resolver} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
