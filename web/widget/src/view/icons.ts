/** Line icons on a 16 px grid, as the paths that draw them in the text's colour. */

export const closeIcon = "m4 4 8 8m0-8-8 8";
export const checkIcon = "m3 8.5 3.2 3.2L13 4.8";
export const plusIcon = "M8 3.2v9.6M3.2 8h9.6";
export const sendIcon = "M8 13V3.4M3.8 7.4 8 3.2l4.2 4.2";
export const trashIcon = "M2.8 4.4h10.4M6.4 4V2.6h3.2V4m2.4.6-.6 8.6H4.6L4 4.6m2.6 2.6v3.6m2.8-3.6v3.6";
export const replyIcon = "M6.4 3.4 2.8 7l3.6 3.6M3 7h6a4.2 4.2 0 0 1 4.2 4.2v1.4";
export const pencilIcon = "m3 13 .6-2.8 7-7a1.2 1.2 0 0 1 1.7 0l.5.5a1.2 1.2 0 0 1 0 1.7l-7 7L3 13Z";
export const alertIcon = "M8 4.2v4.6M8 11.6v.1";
export const offlineIcon =
  "M2 2.4 13.6 14M8 12.6v.1M5.4 9.8A3.9 3.9 0 0 1 8 8.7M3 7.2a7.4 7.4 0 0 1 2.6-1.6m2.6-.5A7.4 7.4 0 0 1 13 7.2";
export const turningIcon = "M13.2 8A5.2 5.2 0 1 1 11.4 4M13.4 2v3h-3";
export const listIcon = "M6 4h7.4M6 8h7.4M6 12h7.4M2.8 4h.1m-.1 4h.1m-.1 4h.1";
export const regionIcon = "M7 12.6H2.8V3.4h10.4v4M11.4 9.2v4.8M9 11.6h4.8";
export const resolvedIcon = "M13.4 8A5.4 5.4 0 1 1 2.6 8a5.4 5.4 0 1 1 10.8 0M5.4 8.2l1.8 1.8 3.4-3.8";
export const linkIcon = "M6.8 9.2 9.2 6.8M7.4 5l1.5-1.5a2.5 2.5 0 0 1 3.6 3.6L11 8.6M8.6 11l-1.5 1.5a2.5 2.5 0 0 1-3.6-3.6L5 7.4";
export const reopenIcon = "M3 3.2v3.4h3.4M3.2 6.4A5.2 5.2 0 1 1 3 9.4";
export const clockIcon = "M13.4 8A5.4 5.4 0 1 1 2.6 8a5.4 5.4 0 1 1 10.8 0M8 5v3.2l2 1.4";
export const blockedIcon = "M13.4 8A5.4 5.4 0 1 1 2.6 8a5.4 5.4 0 1 1 10.8 0M4.2 4.2l7.6 7.6";
export const upIcon = "m4 9.8 4-4 4 4";
export const downIcon = "m4 6.2 4 4 4-4";
export const smileIcon = "M13.4 8A5.4 5.4 0 1 1 2.6 8a5.4 5.4 0 1 1 10.8 0M5.6 9.4a2.9 2.9 0 0 0 4.8 0M6.1 6.3v.1m3.8-.1v.1";
export const printIcon = "M4.5 6V2.5h7V6M4.5 11.5h-2V6h11v5.5h-2M4.5 9.5h7v4h-7z";
