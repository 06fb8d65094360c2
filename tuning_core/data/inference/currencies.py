"""Signs and codes of currencies: what people write before or after an amount of money."""

from __future__ import annotations

import re

CURRENCIES = {
    "$": "$", "US$": "$", "USD": "$", "€": "€", "EUR": "€", "£": "£", "GBP": "£", "¥": "¥", "JPY": "¥", "CNY": "CNY",
    "RMB": "CNY",
    "₹": "₹", "INR": "₹", "Rs": "₹", "Rs.": "₹", "₽": "₽", "RUB": "₽", "руб": "₽", "руб.": "₽", "₩": "₩", "KRW": "₩", "₺": "₺",
    "TRY": "₺", "₪": "₪", "ILS": "₪", "฿": "฿", "THB": "฿", "₫": "₫", "VND": "₫", "CHF": "CHF", "Fr.": "CHF", "SFr.": "CHF",
    "R$": "R$", "BRL": "R$", "A$": "A$", "AUD": "A$", "C$": "C$", "CAD": "C$", "NZ$": "NZ$", "NZD": "NZ$", "HK$": "HK$",
    "HKD": "HK$", "S$": "S$", "SGD": "S$", "MXN": "MXN", "ZAR": "ZAR", "kr": "kr", "kr.": "kr", "SEK": "SEK", "NOK": "NOK",
    "DKK": "DKK", "zł": "zł", "PLN": "zł", "Kč": "Kč", "CZK": "Kč", "Ft": "Ft", "HUF": "Ft", "lei": "lei", "RON": "lei", "₴": "₴",
    "UAH": "₴", "₦": "₦", "₱": "₱", "₡": "₡", "₿": "₿", "BTC": "₿", "¢": "¢",
    "円": "¥", "元": "CNY", "원": "₩",
}  # fmt: skip
"""Each way to write a currency, and the one that is shown."""

PATTERN = "|".join(re.escape(sign) for sign in sorted(CURRENCIES, key=len, reverse=True))
"""Any of them, the longest first."""
