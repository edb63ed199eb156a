// Runs the page's script, which is packed; the page's policy knows it by the hash of its text.

import { cannotRun, unzipped } from "./unzip.mjs";

async function start() {
  const script = document.createElement("script");
  script.type = "module";
  script.dataset.page = "";
  script.textContent = await unzipped(document.getElementById("script").textContent, true);
  document.head.append(script);
}

start().catch(cannotRun);
