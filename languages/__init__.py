"""What Chuishao says, in English in the code and in other languages by gettext catalogues."""
