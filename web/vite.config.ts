/// <reference types="vitest/config" />
import { gzipSync, brotliCompressSync, constants } from 'node:zlib'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

// The server hands out .br and .gz files beside the originals, so that it never compresses at run time.
function precompress(): Plugin {
  const text = /\.(js|css|svg|json|webmanifest|map)$/
  const walk = (dir: string): string[] =>
    readdirSync(dir).flatMap((name) => {
      const path = join(dir, name)
      return statSync(path).isDirectory() ? walk(path) : [path]
    })
  return {
    name: 'precompress',
    apply: 'build',
    closeBundle() {
      for (const path of walk('dist')) {
        if (!text.test(path)) continue
        const body = readFileSync(path)
        if (body.length < 1024) continue
        writeFileSync(`${path}.gz`, gzipSync(body, { level: 9 }))
        writeFileSync(`${path}.br`, brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }))
      }
    },
  }
}

// Left alone, the bundler makes a file of every set of modules that the same screens share: a hundred for one page. Here the entry is one file beside
// React, which seldom changes; what opens above a page, the fields of forms, their calendars, and all else that many screens share are one each.
const groups = [
  { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\//, priority: 9 },
  { name: 'entry', tags: ['$initial' as const], priority: 8 },
  { name: 'dates', test: /node_modules\/(@mantine\/dates|dayjs)\//, priority: 7, includeDependenciesRecursively: false },
  { name: 'overlays', test: /node_modules\/(@floating-ui|react-remove-scroll|@mantine\/core\/esm\/components\/(Popover|Tooltip|Menu|ScrollArea|Modal|ModalBase|Drawer))\//, priority: 6 },
  { name: 'fields', test: /node_modules\/@mantine\/core\//, minShareCount: 2, priority: 5 },
  { name: 'shared', test: /\/(node_modules|web\/src)\//, minShareCount: 4, priority: 4 },
]

const api = process.env.MAINSTAY_URL ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [react(), precompress()],
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    // `assets` is a page of the application.
    assetsDir: '_static',
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: { output: { codeSplitting: { groups } } },
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(
      ['/v1', '/docs', '/openapi.json', '/readyz', '/livez', '/.well-known', '/approve'].map((path) => [path, { target: api, changeOrigin: false }]),
    ),
  },
  test: { include: ['src/**/*.test.{ts,tsx}'], environment: 'node' },
})
