import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const script = readFileSync("src/main.js", "utf8").replace("ENVIRONMENT", process.env.NODE_ENV);
const name = `main.${createHash("sha256").update(script).digest("hex").slice(0, 8)}.js`;
mkdirSync("dist", { recursive: true });
writeFileSync(`dist/${name}`, script);
writeFileSync("dist/index.html", `<!doctype html><title>Front</title><script type="module" src="/${name}"></script>\n`);
