/** Vite takes style sheets that are imported, and puts them into one file. */
declare module "*.css";
