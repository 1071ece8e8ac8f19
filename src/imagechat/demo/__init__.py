"""The gallery of `imagechat demo`: pictures, and the conversations that it starts with."""
