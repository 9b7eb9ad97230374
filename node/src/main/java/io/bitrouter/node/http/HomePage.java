package io.bitrouter.node.http;

/** The page a person sees who opens the node's address in a browser. */
final class HomePage {

  private HomePage() {}

  static String html(String version) {
    return """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>BitRouter is running</title>
    <style>
      :root { color-scheme: light dark; }
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 4rem auto;
             padding: 0 1.25rem; }
      pre { padding: .8rem 1rem; border: 1px solid #8886; border-radius: 6px;
            overflow-x: auto; }
      code { font: 14px/1.5 ui-monospace, monospace; }
    </style>
    </head>
    <body>
    <h1>BitRouter is running</h1>
    <p>Version {{version}}. This is a gateway to language models. Every key belongs to one
    namespace and can reach nothing outside it.</p>
    <p>On the machine it runs on, three commands to go on with:</p>
    <pre><code>./bitrouter cloud whoami
    ./bitrouter cloud keys mint --name my-agent --scope "inference:invoke usage:read"
    ./bitrouter cloud usage</code></pre>
    <p>Programs call <code>POST /v1/chat/completions</code> and <code>POST /v1/messages</code>
    with <code>Authorization: Bearer brk_…</code>; <code>GET /v1/models</code> lists what a key
    may use.</p>
    <p>The whole API: <a href="/docs">reference</a>, <a href="/openapi.json">OpenAPI</a>.
    Health: <a href="/health/live">live</a>, <a href="/health/ready">ready</a>.</p>
    </body>
    </html>
    """
        .replace("{{version}}", version);
  }
}
