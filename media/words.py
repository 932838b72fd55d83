"""The few words that a picture says by itself, in each language of the splash page."""

CAPTION = {
    "vi": "Quét mã để cài",
    "en": "Scan to install",
    "fr": "Scannez ici",
    "de": "Hier scannen",
    "es": "Escanee aquí",
    "ru": "Сканируйте код",
    "zh-Hans": "扫码安装",
    "zh-Hant": "掃碼安裝",
    "ja": "スキャンして入手",
    "ko": "스캔하여 설치",
    "th": "สแกนเพื่อติดตั้ง",
    "km": "ស្កេនដើម្បីដំឡើង",
    "lo": "ສະແກນເພື່ອຕິດຕັ້ງ",
}
LANGUAGES = tuple(CAPTION)
