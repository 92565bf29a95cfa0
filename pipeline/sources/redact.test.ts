import { describe, expect, test } from "vitest";
import { createRedactor, excerpt, redactUrls } from "./redact.ts";

describe("known secrets", () => {
  const secret = 'a/b+c="d"1';
  const redact = createRedactor([secret, ""]);

  test.each([
    ["as they are", secret],
    ["inside a URL", encodeURIComponent(secret)],
    ["inside JSON", JSON.stringify({ secret })],
    ["in Base64", Buffer.from(secret).toString("base64")],
  ])("are removed %s", (_form, text) => {
    const cleaned = redact(`before ${text} after`);
    expect(cleaned).toContain("[redacted]");
    expect(cleaned).not.toContain(text);
  });

  test("a secret too short to be one does not eat upstream data", () => {
    expect(createRedactor(["1", "usd"])("usd 1.01")).toBe("usd 1.01");
  });
});

describe("URLs inside messages of libraries", () => {
  test.each([
    ["https://user:pass@node.example/x", "https://[redacted]@node.example/x"],
    ["https://a.example/?apikey=abc&x=1", "https://a.example/?apikey=[redacted]&x=1"],
    ["https://a.example/?app_id=abc", "https://a.example/?app_id=[redacted]"],
    ["https://a.example/?x_cg_pro_api_key=abc def", "https://a.example/?x_cg_pro_api_key=[redacted] def"],
    ["https://eth.example/v2/0123456789abcdefghijKLMN", "https://eth.example/v2/[redacted]"],
    ["https://mainnet.example/rpc/v3/0123456789abcdefghijKLMN.", "https://mainnet.example/rpc/v3/[redacted]."],
  ])("%s", (url, cleaned) => {
    expect(redactUrls(url)).toBe(cleaned);
  });
});

describe("upstream text in a message", () => {
  test("control characters, terminal escapes and direction marks are gone", () => {
    expect(excerpt("a\u001b[31mb\r\nc\u202ed\u0000e")).toBe("a [31mb c d e");
  });

  test("it stays one short line", () => {
    expect(excerpt("x".repeat(500), 10)).toBe(`${"x".repeat(10)}...`);
  });
});
