/**
 * How the site is built: static pages from `site/`, no server, no outside request, a hashed content security policy.
 *
 * PLUMBLINE_DATA  folder of the record (default ./data)     PLUMBLINE_OUT   where the site is written (default ./dist)
 * PLUMBLINE_SITE  origin of the published site              PLUMBLINE_BASE  its path there, e.g. /plumbline on Pages
 */
import sitemap from "@astrojs/sitemap";
import { defineConfig } from "astro/config";

export default defineConfig({
  srcDir: "./site",
  publicDir: "./site/public",
  outDir: process.env.PLUMBLINE_OUT ?? "./dist",
  site: process.env.PLUMBLINE_SITE ?? "https://plumbline.github.io",
  base: process.env.PLUMBLINE_BASE ?? "/",
  output: "static",
  trailingSlash: "ignore",
  build: { format: "directory", inlineStylesheets: "never" },
  compressHTML: true,
  devToolbar: { enabled: false },
  prefetch: false,
  security: {
    csp: {
      directives: [
        "default-src 'none'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
      ],
      scriptDirective: { resources: ["'self'"] },
      styleDirective: { resources: ["'self'"] },
    },
  },
  integrations: [sitemap({ filter: (page) => !page.endsWith("/404/") })],
  vite: {
    build: { assetsInlineLimit: 0 },
    ssr: { external: ["@duckdb/node-api"] },
  },
});
