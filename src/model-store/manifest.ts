import data from "./models.json" with { type: "json" };
import { type Manifest, parseManifest } from "./parse-manifest.ts";

/** The models that this version knows. */
export const MANIFEST: Manifest = parseManifest(data, "models.json");
