// The grammar of the editor.

import { SparqlLanguage } from "codemirror-lang-sparql";

export const language = SparqlLanguage;
export const { parser } = SparqlLanguage;
