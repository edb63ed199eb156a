// What the page carries packed: gzip in base64.

export async function unzipped(base64, text = false) {
  const bytes = Uint8Array.from(atob(base64.trim()), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return text ? new Response(stream).text() : new Uint8Array(await new Response(stream).arrayBuffer());
}

export const cannotRun = (error) => { document.getElementById("problem").textContent = `This browser cannot run the page: ${error.message}`; };
