/** Line icons on a 20 px grid, drawn in the text's colour. */
import { svg, type TemplateResult } from "lit";

const icon = (paths: TemplateResult<2>): TemplateResult<2> =>
  svg`<svg class="icon" viewBox="0 0 20 20" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.6"
    stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${paths}</svg>`;

export const overviewIcon = icon(svg`<path d="M2.5 10.500h3l2.300-6 4.200 11 2.200-5h3.300"/>`);
export const usageIcon = icon(svg`<path d="M3 17h14M5.500 13.500v-4M10 13.500V4M14.500 13.500V7.500"/>`);
export const inboxIcon = icon(svg`<path d="M3 11.500 5 4.500h10l2 7v4H3v-4ZM3 11.500h4l1 2h4l1-2h4"/>`);
export const pictureIcon = icon(svg`<rect x="2.500" y="3.500" width="15" height="13" rx="2"/><path d="m3 14 4-4.500 3.500 3.500 2.500-2.500 4 4"/><circle cx="13" cy="7.300" r="1.200"/>`);
export const peopleIcon = icon(svg`<circle cx="7.500" cy="7" r="2.800"/><path d="M2.500 16c.4-3 2.200-4.500 5-4.500s4.600 1.500 5 4.500M13 4.500a2.600 2.600 0 0 1 0 5M14.500 11.800c1.700.5 2.700 1.900 3 4.200"/>`);
export const banIcon = icon(svg`<circle cx="10" cy="10" r="7"/><path d="m5.200 5.200 9.600 9.600"/>`);
export const settingsIcon = icon(svg`<path d="M3 6h8M15 6h2M3 14h2M9 14h8"/><circle cx="13" cy="6" r="2"/><circle cx="7" cy="14" r="2"/>`);
export const auditIcon = icon(svg`<path d="M5 2.500h7l3.500 3.500v11.500H5v-15ZM8 9.500h4.500M8 13h4.500"/>`);
export const tenantsIcon = icon(svg`<path d="M3.500 17V4.500h8V17M11.500 9h5v8M2 17h16M6.300 8h2.400M6.300 11.500h2.400"/>`);
export const healthIcon = icon(svg`<path d="M10 16.500S3 12.600 3 7.800A3.700 3.700 0 0 1 10 6a3.700 3.700 0 0 1 7 1.800c0 4.800-7 8.700-7 8.700Z"/>`);
export const checkIcon = icon(svg`<path d="m4 10.500 4 4 8-9"/>`);
export const trashIcon = icon(svg`<path d="M3.500 5.500h13M8 5.200V3.500h4v1.700M15 5.800l-.7 10.700H5.700L5 5.800M8.300 9v4.500M11.700 9v4.500"/>`);
export const restoreIcon = icon(svg`<path d="M4 4.500v4h4M4.300 8.300A6.300 6.300 0 1 1 3.800 12"/>`);
export const resolveIcon = icon(svg`<circle cx="10" cy="10" r="7"/><path d="m6.800 10.200 2.300 2.300 4.300-4.800"/>`);
export const spamIcon = icon(svg`<path d="M7 2.500h6l4.500 4.500v6L13 17.500H7L2.500 13V7L7 2.500ZM10 6.500v4.500M10 13.700v.1"/>`);
export const searchIcon = icon(svg`<circle cx="9" cy="9" r="5.500"/><path d="m13.200 13.200 4 4"/>`);
export const closeIcon = icon(svg`<path d="m5 5 10 10M15 5 5 15"/>`);
export const menuIcon = icon(svg`<path d="M3 5.500h14M3 10h14M3 14.500h14"/>`);
export const chevronIcon = icon(svg`<path d="m6 8 4 4 4-4"/>`);
export const lockIcon = icon(svg`<rect x="4" y="9" width="12" height="8" rx="1.500"/><path d="M6.800 9V6.500a3.200 3.200 0 0 1 6.400 0V9"/>`);
export const unlockIcon = icon(svg`<rect x="4" y="9" width="12" height="8" rx="1.500"/><path d="M6.800 9V6.500a3.200 3.200 0 0 1 6-1.500"/>`);
export const groupIcon = peopleIcon;
export const moonIcon = icon(svg`<path d="M16.500 12A7 7 0 0 1 8 3.500a7 7 0 1 0 8.500 8.500Z"/>`);
export const sunIcon = icon(svg`<circle cx="10" cy="10" r="3.300"/><path d="M10 2.500V4M10 16v1.500M2.500 10H4M16 10h1.500M4.700 4.700l1 1M14.300 14.300l1 1M4.700 15.300l1-1M14.300 5.700l1-1"/>`);
export const languageIcon = icon(svg`<circle cx="10" cy="10" r="7"/><path d="M3 10h14M10 3c2 2 3 4.300 3 7s-1 5-3 7c-2-2-3-4.300-3-7s1-5 3-7Z"/>`);
export const signOutIcon = icon(svg`<path d="M8 3.500H4.500v13H8M12.500 6.500 16 10l-3.500 3.500M16 10H8"/>`);
export const alertIcon = icon(svg`<path d="M10 3 2.500 16.500h15L10 3ZM10 8v4M10 14.300v.1"/>`);
export const offlineIcon = icon(svg`<path d="m3 3 14 14M10 15.500v.1M6.800 12.200a4.700 4.700 0 0 1 4.500-1.200M3.700 9a9 9 0 0 1 3.300-2M10.500 6.100A9 9 0 0 1 16.300 9"/>`);
export const downloadIcon = icon(svg`<path d="M10 3v9.500M6 9l4 4 4-4M3.500 16.500h13"/>`);
export const copyIcon = icon(svg`<rect x="7" y="7" width="9.500" height="9.500" rx="1.500"/><path d="M4.500 13h-1V4.500a1 1 0 0 1 1-1H13v1"/>`);
export const plusIcon = icon(svg`<path d="M10 4v12M4 10h12"/>`);
export const backIcon = icon(svg`<path d="M12 5l-5 5 5 5"/>`);
export const helpIcon = icon(svg`<circle cx="10" cy="10" r="7"/><path d="M7.800 8a2.300 2.300 0 1 1 3.300 2.100c-.7.400-1.100.8-1.100 1.600M10 14v.1"/>`);
